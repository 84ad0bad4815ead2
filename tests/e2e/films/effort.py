"""What a first use costs somebody: counted in the browser, and seconds estimated from the counts.

The estimate is a keystroke-level model (Card, Moran and Newell, 1980), with the speed at which people type on phones
(Palin and others, 2019: 36.2 words of five letters a minute) and read (Brysbaert, 2019: 260 words a minute in Chinese).
"""

from dataclasses import dataclass

__all__ = ["Effort", "letters_of"]

TAP = 1.1  # seconds to find a control with the finger
THINK = 1.35  # seconds to make up one's mind, once a screen and once a field
TOUCH = 60 / (36.2 * 5)  # seconds a letter
PER_CHARACTER = 3  # touches for a Chinese character in pinyin: its letters, and the choice
READ = 60 / (260 * 1.5)  # seconds a character, words being one and a half characters


@dataclass(slots=True)
class Effort:
    """Counts of one film. ``waited`` is measured, in seconds; all else is the same at each filming."""

    screens: int = 0
    taps: int = 0
    typed: int = 0  # fields
    chosen: int = 0  # fields
    known: int = 0  # fields that were filled in already
    papers: int = 0  # files handed in
    touches: int = 0  # of the keyboard
    read: int = 0  # characters on the screens
    waited: float = 0.0

    @property
    def fields(self) -> int:
        """Fields that had to be answered."""
        return self.typed + self.chosen

    @property
    def by_hand(self) -> int:
        """Estimated seconds for somebody who knows what to answer, reading labels only."""
        return round(self.taps * TAP + (self.screens + self.fields) * THINK + self.touches * TOUCH)

    @property
    def reading_all(self) -> int:
        """Estimated seconds for somebody who reads every word of every screen besides."""
        return round(self.by_hand + self.read * READ)


def letters_of(text: str) -> int:
    """Touches of a phone's keyboard for this text."""
    return sum(PER_CHARACTER if "\u4e00" <= each <= "\u9fff" else 1 for each in text)
