"""Whether the objects of one rendered whole fit together: what is named exists, what may talk can talk."""

from collections import Counter
from collections.abc import Iterator

from checks.documents import Document, Pod, name_of, of_kind, pods

GIVEN_SECRETS = {
    "legis-database-app",
    "legis-database-roles",
    "legis-redis",
    "legis-signing",
    "legis-mail",
    "legis-exports",
    "legis-backup",
    "legis-alerting",
    "legis-sms",
    "web-tls",
}
"""Made by the operator of the cluster, or by an operator in it; never part of what is rendered."""

STORES = {
    "the database": ({"legis-database-app", "legis-database-roles"}, {5432}),
    "Redis": ({"legis-redis"}, {6379, 6380}),
}
"""Who is told by one of these Secrets where a store is must reach it on one of these ports; nobody else may."""

PREPARED = ("legis/stage", "prepare")
"""Label of what is applied before the release: what such an object needs must have it too."""

OPERATORS_LABELS = {"cnpg.io/cluster", "cnpg.io/poolerName"}
"""Labels of pods that an operator makes, which are not in what is rendered."""


def faults(documents: list[Document]) -> list[str]:
    """One line for each thread that leads nowhere."""
    described = list(pods(documents))
    found = [f"{name} is there {count} times" for name, count in _ids(documents).items() if count > 1]
    for pod in described:
        found += [f"{pod.owner}: {what}" for what in (*_names(pod, documents), *_ways(pod, documents))]
    for document in documents:
        found += [f"{name_of(document)}: {what}" for what in _targets(document, documents, described)]
    return found


def _ids(documents: list[Document]) -> Counter[str]:
    return Counter(f"{one['apiVersion']} {name_of(one)}" for one in documents)


def _names(pod: Pod, documents: list[Document]) -> Iterator[str]:
    claims = {c["metadata"]["name"] for one in of_kind(documents, "StatefulSet").values()
              for c in one["spec"].get("volumeClaimTemplates", [])}  # fmt: skip
    volumes = {one["name"] for one in pod.spec.get("volumes", [])} | claims
    if pod.spec["serviceAccountName"] not in of_kind(documents, "ServiceAccount"):
        yield f"no account {pod.spec['serviceAccountName']}"
    priority = pod.spec.get("priorityClassName")
    if priority and priority not in of_kind(documents, "PriorityClass"):
        yield f"no priority {priority}"
    for kind, name in _referred(pod):
        known = GIVEN_SECRETS if kind == "Secret" else of_kind(documents, kind)
        if name not in known:
            yield f"no {kind} {name}"
    for container in pod.containers:
        for mount in container.get("volumeMounts", []):
            if mount["name"] not in volumes:
                yield f"no volume {mount['name']}"


def _referred(pod: Pod) -> Iterator[tuple[str, str]]:
    for container in pod.containers:
        for source in container.get("envFrom", []):
            yield "ConfigMap", source["configMapRef"]["name"]
        for one in container.get("env", []):
            if "valueFrom" in one:
                yield "Secret", one["valueFrom"]["secretKeyRef"]["name"]
    for volume in pod.spec.get("volumes", []):
        if "configMap" in volume:
            yield "ConfigMap", volume["configMap"]["name"]
        if "secret" in volume:
            yield "Secret", volume["secret"]["secretName"]
        for one in volume.get("projected", {}).get("sources", []):
            yield "Secret", one["secret"]["name"]
        if "persistentVolumeClaim" in volume:
            yield "PersistentVolumeClaim", volume["persistentVolumeClaim"]["claimName"]


def _ways(pod: Pod, documents: list[Document]) -> Iterator[str]:
    """The ways out that the policies open, held against the stores the pod is told of."""
    ports: set[int] = set()
    for policy in of_kind(documents, "NetworkPolicy").values():
        if selects(policy["spec"]["podSelector"], pod.labels):
            ports |= {p["port"] for rule in policy["spec"].get("egress", []) for p in rule["ports"]}
    told = {name for kind, name in _referred(pod) if kind == "Secret"}
    for store, (secrets, doors) in STORES.items():
        serves = any(p.get("containerPort") in doors for c in pod.containers for p in c.get("ports", []))
        if secrets & told and not serves and not doors & ports:
            yield f"is told of {store} and has no way there"
        if not secrets & told and doors & ports:
            yield f"has a way to {store} and no business there"


def _targets(document: Document, documents: list[Document], described: list[Pod]) -> Iterator[str]:
    kind, spec = document["kind"], document.get("spec", {})
    if kind == "Service":
        behind = [pod for pod in described if selects({"matchLabels": spec["selector"]}, pod.labels)]
        yield from () if behind else ("selects no pod",)
        yield from (f"leads to no port {one}" for pod in behind for one in _closed(spec, pod))
    if kind == "PodDisruptionBudget" and not any(selects(spec["selector"], pod.labels) for pod in described):
        yield "selects no pod"
    if kind == "NetworkPolicy" and not OPERATORS_LABELS & spec["podSelector"].get("matchLabels", {}).keys():
        missing = _missing(spec["podSelector"], described)
        yield from (f"selects no pod {one}" for one in missing)
    if kind in ("HorizontalPodAutoscaler", "ScaledObject"):
        name = spec["scaleTargetRef"]["name"]
        target = of_kind(documents, "Deployment").get(name)
        if target is None:
            yield f"no Deployment {name}"
        elif "replicas" in target["spec"]:
            yield f"Deployment {name} says `replicas` too"
    if kind == "Ingress":
        yield from _backends(spec, documents)
    if kind == "Cluster":
        yield from _archives(document, documents)
    if kind == "ObjectStore":
        keys = spec["configuration"]["s3Credentials"].values()
        yield from (f"no Secret {one['name']}" for one in keys if one["name"] not in GIVEN_SECRETS)


def _archives(cluster: Document, documents: list[Document]) -> Iterator[str]:
    """The store of a cluster's archive, which is there as early as the cluster: it waits for the store to start."""
    for plugin in cluster["spec"].get("plugins", []):
        name = plugin["parameters"]["barmanObjectName"]
        store = of_kind(documents, "ObjectStore").get(name)
        if store is None:
            yield f"no ObjectStore {name}"
        elif _prepared(cluster) and not _prepared(store):
            yield f"is applied before ObjectStore {name}"


def _prepared(document: Document) -> bool:
    key, value = PREPARED
    return bool(document["metadata"].get("labels", {}).get(key) == value)


def _closed(service: Document, pod: Pod) -> list[int | str]:
    """The ports of a Service that no container has. By name only main containers are looked through: not every cluster
    finds the name of a sidecar's port."""
    names = {p["name"] for c in pod.spec["containers"] for p in c.get("ports", [])}
    numbers = {p["containerPort"] for c in pod.containers for p in c.get("ports", [])}
    return [one["targetPort"] for one in service["ports"] if one["targetPort"] not in names | numbers]


def _backends(spec: Document, documents: list[Document]) -> Iterator[str]:
    for path in (path for rule in spec["rules"] for path in rule["http"]["paths"]):
        wanted = path["backend"]["service"]
        service = of_kind(documents, "Service").get(wanted["name"])
        if service is None or wanted["port"]["name"] not in [one["name"] for one in service["spec"]["ports"]]:
            yield f"{path['path']} leads nowhere"
        if wanted["name"] != "nginx" and "nginx" in of_kind(documents, "Service"):
            yield f"{path['path']} passes nginx by"


def _missing(selector: Document, described: list[Pod]) -> list[str]:
    """The values of the selector that no pod has."""
    wanted = [(key, value) for key, value in selector.get("matchLabels", {}).items()]
    wanted += [(one["key"], value) for one in selector.get("matchExpressions", []) for value in one["values"]]
    return [f"{key}={value}" for key, value in wanted if not any(pod.labels.get(key) == value for pod in described)]


def selects(selector: Document, labels: dict[str, str]) -> bool:
    """Whether a selector of equalities and `In` expressions matches. Raises ValueError on another operator."""
    for one in selector.get("matchExpressions", []):
        if one["operator"] != "In":
            raise ValueError(f"operator {one['operator']} is not known here")
        if labels.get(one["key"]) not in one["values"]:
            return False
    return all(labels.get(key) == value for key, value in selector.get("matchLabels", {}).items())
