"""What can be told from the words of a message alone: pure code, with numpy and no framework.

scikit-learn teaches (``training``) and is imported only there; a page that sorts a message needs numpy alone.
"""
