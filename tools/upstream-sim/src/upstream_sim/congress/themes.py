"""Subjects of synthetic bills, with their words in Portuguese; the commonest first."""

from typing import Final, NamedTuple


class Theme(NamedTuple):
    """A subject with its code in the Câmara, its class in the Senado, and its words."""

    code: int
    name: str
    senado_class: int
    senado_path: str
    objects: tuple[str, ...]
    keywords: tuple[str, ...]


# fmt: off
THEMES: Final[tuple[Theme, ...]] = (
    Theme(
        56, "Saúde", 33805001, "Política Social / Saúde",
        (
            "a saúde pública", "o atendimento no Sistema Único de Saúde", "a vacinação infantil", "a saúde mental",
            "o fornecimento de medicamentos", "a prevenção do câncer de mama", "a doação de órgãos", "o pré-natal",
            "as unidades básicas de saúde", "o tratamento de doenças raras", "a telemedicina", "a fibromialgia",
        ),
        (
            "saúde", "SUS", "hospital", "medicamento", "paciente", "vacina", "gestante", "doença rara", "enfermagem",
        ),
    ),
    Theme(
        46, "Educação", 33805002, "Política Social / Educação",
        (
            "a educação básica", "o ensino superior", "a educação infantil", "a merenda escolar",
            "o transporte escolar", "a alfabetização", "as educações formal e não formal",
            "a formação de professores", "a creche", "a educação especial", "o ensino de robótica",
            "o letramento digital", "a bolsa permanência",
        ),
        (
            "educação", "escola", "professor", "estudante", "ensino", "universidade", "creche", "currículo", "Fundeb",
        ),
    ),
    Theme(
        57, "Segurança Pública", 33805003, "Jurídico / Segurança Pública",
        (
            "a segurança pública", "o porte de arma de fogo", "o policiamento ostensivo", "o sistema penitenciário",
            "o combate ao crime organizado", "a guarda municipal", "o videomonitoramento", "a perícia oficial",
        ),
        (
            "segurança pública", "polícia", "crime", "presídio", "arma de fogo", "investigação", "facção criminosa",
        ),
    ),
    Theme(
        58, "Trabalho e Emprego", 33805004, "Política Social / Trabalho e Emprego",
        (
            "o salário mínimo", "a jornada de trabalho", "o piso salarial dos enfermeiros", "o seguro-desemprego",
            "o teletrabalho", "a aprendizagem profissional", "o trabalho doméstico", "o adicional de periculosidade",
            "os trabalhadores por aplicativo", "a profissão de cuidador",
        ),
        (
            "trabalhador", "emprego", "salário", "CLT", "piso salarial", "jornada", "sindicato", "aprendiz",
        ),
    ),
    Theme(
        40, "Economia", 33805005, "Econômico / Economia e Desenvolvimento",
        (
            "o crédito rural", "a dívida pública", "o sistema financeiro nacional", "as microempresas",
            "a recuperação judicial", "o cooperativismo", "o mercado de capitais", "os criptoativos",
        ),
        (
            "economia", "crédito", "banco", "juros", "microempresa", "investimento", "falência", "cooperativa",
        ),
    ),
    Theme(
        70, "Finanças Públicas e Orçamento", 33805006, "Orçamento Público / Finanças Públicas",
        (
            "a isenção do imposto de renda", "o imposto sobre produtos industrializados", "a responsabilidade fiscal",
            "os fundos constitucionais", "a partilha dos royalties", "a renúncia de receita", "o Simples Nacional",
        ),
        (
            "tributo", "imposto de renda", "isenção", "orçamento", "contribuição", "incentivo fiscal", "royalties",
        ),
    ),
    Theme(
        48, "Meio Ambiente e Desenvolvimento Sustentável", 33805007, "Meio Ambiente / Recursos Naturais",
        (
            "o meio ambiente", "a proteção das nascentes", "os resíduos sólidos", "o licenciamento ambiental",
            "as mudanças climáticas", "as unidades de conservação", "a logística reversa", "a fauna silvestre",
            "as sacolas plásticas", "os manguezais",
        ),
        (
            "meio ambiente", "floresta", "poluição", "reciclagem", "água", "clima", "bioma", "desmatamento",
        ),
    ),
    Theme(
        64, "Agricultura, Pecuária, Pesca e Extrativismo", 33805008, "Econômico / Agricultura",
        (
            "a agricultura familiar", "o seguro rural", "a pesca artesanal", "os defensivos agrícolas",
            "a produção de leite", "a reforma agrária", "a cafeicultura", "o extrativismo do açaí", "a apicultura",
        ),
        (
            "agricultura familiar", "produtor rural", "pesca", "pecuária", "agrotóxico", "safra", "terra",
        ),
    ),
    Theme(
        44, "Direitos Humanos e Minorias", 33805009, "Política Social / Direitos Humanos",
        (
            "os direitos da pessoa com deficiência", "o Estatuto da Pessoa Idosa", "a igualdade racial",
            "as comunidades quilombolas", "os povos indígenas", "a violência contra a mulher", "a adoção",
            "a pessoa com transtorno do espectro autista", "a população em situação de rua",
        ),
        (
            "direitos humanos", "mulher", "idoso", "pessoa com deficiência", "criança", "quilombola", "autismo",
        ),
    ),
    Theme(
        54, "Direito Penal e Processual Penal", 33805617, "Jurídico / Direito Penal e Penitenciário",
        (
            "o crime de estelionato", "a progressão de regime", "os crimes hediondos", "o furto qualificado",
            "a prisão preventiva", "a lavagem de dinheiro", "o crime de perseguição", "os crimes cibernéticos",
        ),
        (
            "Código Penal", "pena", "crime hediondo", "agravante", "prisão", "processo penal", "reclusão",
        ),
    ),
    Theme(
        61, "Transporte e Trânsito", 33805011, "Infraestrutura / Viação e Transportes",
        (
            "a carteira nacional de habilitação", "o transporte rodoviário de cargas", "o pedágio", "a ciclovia",
            "o Código de Trânsito Brasileiro", "a navegação de cabotagem", "a duplicação da rodovia", "o mototáxi",
        ),
        (
            "trânsito", "veículo", "rodovia", "caminhoneiro", "habilitação", "ferrovia", "aviação", "motocicleta",
        ),
    ),
    Theme(
        41, "Cidades e Desenvolvimento Urbano", 33805012, "Infraestrutura / Desenvolvimento Urbano",
        (
            "a habitação popular", "o saneamento básico", "a regularização fundiária", "a mobilidade urbana",
            "a iluminação pública", "o plano diretor", "as áreas de risco", "o direito de laje",
        ),
        (
            "habitação", "saneamento", "município", "moradia", "cidade", "região metropolitana", "plano diretor",
        ),
    ),
    Theme(
        62, "Ciência, Tecnologia e Inovação", 33805013, "Econômico / Ciência e Tecnologia",
        (
            "a inteligência artificial", "a proteção de dados pessoais", "a internet das coisas", "as startups",
            "as redes sociais", "a pesquisa científica", "a neutralidade da rede", "a nanotecnologia",
        ),
        (
            "internet", "tecnologia", "inovação", "dados pessoais", "rede social", "pesquisa", "software",
        ),
    ),
    Theme(
        55, "Direito e Defesa do Consumidor", 33805014, "Jurídico / Defesa do Consumidor",
        (
            "a defesa do consumidor", "a rotulagem de alimentos", "a cobrança indevida", "os planos de saúde",
            "o superendividamento", "o comércio eletrônico", "a bagagem despachada", "o prazo de validade",
        ),
        (
            "consumidor", "fornecedor", "rótulo", "tarifa", "contrato", "publicidade", "indenização",
        ),
    ),
    Theme(
        53, "Processo Legislativo e Atuação Parlamentar", 33805015, "Administração Pública / Poder Legislativo",
        (
            "o Regimento Interno", "a iniciativa popular de lei", "o decoro parlamentar", "a ordem do dia",
        ),
        (
            "Congresso Nacional", "regimento", "parlamentar", "plenário", "comissão", "sessão solene",
        ),
    ),
    Theme(
        35, "Arte, Cultura e Religião", 33805016, "Política Social / Cultura",
        (
            "o patrimônio cultural imaterial", "a capoeira", "o Dia Nacional do Forró", "as festas juninas",
            "o incentivo à leitura", "o cinema nacional", "a liberdade religiosa", "o carimbó", "as quitandeiras",
        ),
        (
            "cultura", "patrimônio", "museu", "música", "artista", "religião", "homenagem", "folclore",
        ),
    ),
    Theme(
        39, "Esporte e Lazer", 33805017, "Política Social / Desporto e Lazer",
        (
            "o esporte de base", "o Estatuto do Torcedor", "a bolsa-atleta", "o futebol feminino", "a capoeira",
            "as academias ao ar livre", "o paradesporto", "a escalada",
        ),
        (
            "esporte", "atleta", "futebol", "lazer", "torcedor", "olimpíada", "clube",
        ),
    ),
    Theme(
        52, "Previdência e Assistência Social", 33805018, "Política Social / Previdência Social",
        (
            "a aposentadoria especial", "o benefício de prestação continuada", "a pensão por morte",
            "o salário-maternidade", "o auxílio-reclusão", "a assistência social", "o segurado especial",
        ),
        (
            "aposentadoria", "INSS", "pensão", "benefício", "assistência social", "segurado", "BPC",
        ),
    ),
    Theme(
        37, "Comunicações", 33805019, "Infraestrutura / Comunicações",
        (
            "a radiodifusão comunitária", "a telefonia móvel", "a publicidade infantil", "os serviços postais",
        ),
        (
            "radiodifusão", "telefonia", "rádio", "televisão", "Anatel", "correios", "propaganda",
        ),
    ),
    Theme(
        51, "Relações Internacionais e Comércio Exterior", 33805020, "Soberania / Relações Internacionais",
        (
            "o acordo de cooperação", "a dupla tributação", "o visto de turista", "o comércio exterior",
            "o tratado de extradição", "a fronteira",
        ),
        (
            "acordo internacional", "tratado", "importação", "exportação", "Mercosul", "estrangeiro",
        ),
    ),
    Theme(
        67, "Energia, Recursos Hídricos e Minerais", 33805021, "Infraestrutura / Minas e Energia",
        (
            "a energia solar", "a tarifa social de energia elétrica", "o gás de cozinha", "a mineração",
            "a segurança de barragens", "os biocombustíveis", "a energia eólica", "o garimpo de cassiterita",
        ),
        (
            "energia elétrica", "petróleo", "mineração", "tarifa", "barragem", "biocombustível", "gás",
        ),
    ),
    Theme(
        42, "Defesa e Segurança", 33805022, "Soberania / Defesa Nacional",
        (
            "o serviço militar", "as Forças Armadas", "a faixa de fronteira", "a inatividade dos militares",
        ),
        (
            "militar", "Forças Armadas", "defesa nacional", "fronteira", "Exército",
        ),
    ),
    Theme(
        34, "Administração Pública", 33805023, "Administração Pública / Agentes Públicos",
        (
            "os concursos públicos", "as licitações e contratos", "os cargos em comissão", "a transparência pública",
            "as agências reguladoras", "o acesso à informação", "a probidade administrativa",
        ),
        (
            "servidor público", "concurso", "licitação", "administração pública", "transparência", "órgão público",
        ),
    ),
    Theme(
        68, "Direito Constitucional", 33805024, "Jurídico / Direito Constitucional",
        (
            "a competência da União", "o Ato das Disposições Constitucionais Transitórias", "os precatórios",
            "a imunidade tributária dos templos", "o foro por prerrogativa de função",
        ),
        (
            "Constituição Federal", "emenda constitucional", "competência", "União", "Estado", "ADCT",
        ),
    ),
)
# fmt: on
