"""Finding a matter in the words that people use, in any of the languages of the city.

Chinese is cut into pairs of characters and everything else into words, so nothing has to be segmented or trained.
Beside them stand what the words mean (the synonym lists), how they sound (pinyin, whole or by initials), and what a
mistyped word may have been. The index is kept in memory and rebuilt when something has been published.
"""

from tongban.apps.catalog.searching.index import search_text
from tongban.apps.catalog.searching.ranking import MOST_RESULTS, Ranking, forget, rank

__all__ = ["MOST_RESULTS", "Ranking", "forget", "rank", "search_text"]
