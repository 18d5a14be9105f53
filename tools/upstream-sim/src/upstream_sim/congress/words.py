"""Portuguese phrases for synthetic titles; the commonest first."""

from typing import Final

# fmt: off
PURPOSES: Final = (
    "dispor sobre", "instituir incentivos para", "garantir", "ampliar", "regulamentar", "estabelecer diretrizes para",
    "assegurar", "fomentar", "proteger", "tornar obrigatória a divulgação de informações sobre", "disciplinar",
    "eliminar exigências sobre", "aperfeiçoar", "desburocratizar", "universalizar", "modernizar",
    "coibir fraudes contra",
)

ENDINGS: Final = (
    ".", ", e dá outras providências.", " e dá outras providências.", ".", ", na forma que especifica.",
    ", nos termos do regulamento.", ", em todo o território nacional.", ", e altera a legislação correlata.",
    ", no âmbito da Administração Pública Federal.", ", durante situação de calamidade pública.",
)

RARE_WORDS: Final = (
    "caatinga", "hipossuficiência", "cassiterita", "jaborandi", "gerontocídio", "cistinose", "usucapião",
    "xerostomia", "pororoca", "mandacaru", "ictiofauna", "babaçu", "arrebol", "sucuri", "quilombo", "tucupi",
    "jequitibá",
)

LAWS: Final = (
    ("8.078", "11 de setembro de 1990", " (Código de Defesa do Consumidor)"),
    ("8.069", "13 de julho de 1990", " (Estatuto da Criança e do Adolescente)"),
    ("9.394", "20 de dezembro de 1996", " (Lei de Diretrizes e Bases da Educação Nacional)"),
    ("8.080", "19 de setembro de 1990", " (Lei Orgânica da Saúde)"),
    ("9.503", "23 de setembro de 1997", " (Código de Trânsito Brasileiro)"), ("8.213", "24 de julho de 1991", ""),
    ("8.112", "11 de dezembro de 1990", ""), ("10.406", "10 de janeiro de 2002", " (Código Civil)"),
    ("9.605", "12 de fevereiro de 1998", ""), ("11.340", "7 de agosto de 2006", " (Lei Maria da Penha)"),
    ("12.305", "2 de agosto de 2010", ""), ("13.146", "6 de julho de 2015", " (Estatuto da Pessoa com Deficiência)"),
    ("6.938", "31 de agosto de 1981", ""), ("12.965", "23 de abril de 2014", " (Marco Civil da Internet)"),
    ("7.210", "11 de julho de 1984", ""), ("14.133", "1º de abril de 2021", ""), ("4.320", "17 de março de 1964", ""),
    ("5.172", "25 de outubro de 1966", ""),
)

MINISTRIES: Final = (
    "da Saúde", "da Educação", "da Fazenda", "dos Transportes", "da Justiça e Segurança Pública",
    "do Meio Ambiente e Mudança do Clima", "da Agricultura e Pecuária", "das Comunicações", "de Minas e Energia",
    "do Trabalho e Emprego", "da Defesa", "da Cultura", "do Esporte", "das Cidades",
)

PLACES: Final = (
    "São Paulo", "Belém", "Goiânia", "Uberlândia", "Caruaru", "Ji-Paraná", "Mossoró", "Chapecó", "Macapá", "Ilhéus",
    "Sobral", "Pelotas", "Rondonópolis", "Parintins", "Feira de Santana", "Foz do Iguaçu", "Vitória", "Araguaína",
)

# fmt: on
