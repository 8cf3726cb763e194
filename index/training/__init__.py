"""Training and measuring of the bilingual static encoder that ships in ``index/model``."""
