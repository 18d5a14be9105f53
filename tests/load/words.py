"""The words that the harnesses' invented bills are made of."""

# What the load asks for; common among the invented bills, as in earnest.
ASKED = (
    "saúde",
    "educação",
    "imposto",
    "trânsito",
    "água",
    "energia",
    "trabalho",
    "crédito",
    "floresta",
    "escola",
    "segurança",
    "aposentadoria",
)
WORDS = (
    *ASKED,
    "altera",
    "dispõe",
    "institui",
    "programa",
    "nacional",
    "federal",
    "municipal",
    "incentivo",
    "proteção",
    "direito",
    "serviço",
    "público",
)
