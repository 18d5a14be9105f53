"""Turns alertmanager.yml into an AlertmanagerConfig of the Prometheus operator: `alertmanager_config.py FILE >FILE`.

The same routes, times, receivers and inhibitions. What differs: secrets are keys of the Secret `legis-alerting`; the
SMS gateway is asked for in its namespace; the operator's time intervals know no time zone, so Brasília's days are
said in UTC, three hours later; messages are the templates that the cluster's Alertmanager must be given
(docs/deployment/kubernetes.md).
"""

import re
import sys
from pathlib import Path
from typing import Any

import yaml

HEADER = (
    "# Made from deploy/monitoring/alertmanager/alertmanager.yml by `make k8s-rules`; a test compares. Do not edit.\n"
)
SECRET = "legis-alerting"
NAMESPACE = "legis"  # of the component sms-gateway; Alertmanager is in another one
WEEK = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
MIDNIGHT_IN_UTC = "03:00"
_MATCHER = re.compile(r'(\w+)(=~|!=|!~|=)"(.*)"')
_ROUTE = {"group_by": "groupBy", "group_wait": "groupWait", "group_interval": "groupInterval"}
_ROUTE |= {"repeat_interval": "repeatInterval", "active_time_intervals": "activeTimeIntervals"}


def render(text: str) -> str:
    """The object, of the configuration's text."""
    told = yaml.safe_load(text)
    spec = {
        "route": _route(told["route"]),
        "inhibitRules": [_inhibition(one) for one in told["inhibit_rules"]],
        "muteTimeIntervals": [_interval(one) for one in told["time_intervals"]],
        "receivers": [_receiver(one, told["global"]) for one in told["receivers"]],
    }
    document = {
        "apiVersion": "monitoring.coreos.com/v1alpha1",
        "kind": "AlertmanagerConfig",
        "metadata": {"name": "legis"},
        "spec": spec,
    }
    return HEADER + yaml.safe_dump(document, sort_keys=False, allow_unicode=True, width=1000)


def _route(told: dict[str, Any]) -> dict[str, Any]:
    made: dict[str, Any] = {"receiver": told["receiver"]}
    if "matchers" in told:
        made["matchers"] = _matchers(told["matchers"])
    made |= {name: told[key] for key, name in _ROUTE.items() if key in told}
    if told.get("continue"):
        made["continue"] = True
    if "routes" in told:
        made["routes"] = [_route(one) for one in told["routes"]]
    return made


def _matchers(told: list[str]) -> list[dict[str, str]]:
    """`=` is the default, and is left out: unquoted, as kustomize writes it, it is no string in YAML 1.1."""
    found = [_MATCHER.fullmatch(one) for one in told]
    return [
        {"name": one[1], **({} if one[2] == "=" else {"matchType": one[2]}), "value": one[3]}
        for one in found
        if one is not None
    ]


def _inhibition(told: dict[str, Any]) -> dict[str, Any]:
    made: dict[str, Any] = {
        "sourceMatch": _matchers(told["source_matchers"]),
        "targetMatch": _matchers(told["target_matchers"]),
    }
    return made | ({"equal": told["equal"]} if "equal" in told else {})


def _interval(told: dict[str, Any]) -> dict[str, Any]:
    days = [day for one in told["time_intervals"] for day in one["weekdays"]]
    after = [WEEK[(WEEK.index(day) + 1) % 7] for day in days]
    return {
        "name": told["name"],
        "timeIntervals": [
            {"weekdays": days, "times": [{"startTime": MIDNIGHT_IN_UTC, "endTime": "24:00"}]},
            {"weekdays": after, "times": [{"startTime": "00:00", "endTime": MIDNIGHT_IN_UTC}]},
        ],
    }


def _receiver(told: dict[str, Any], common: dict[str, Any]) -> dict[str, Any]:
    made: dict[str, Any] = {"name": told["name"]}
    if "slack_configs" in told:
        made["slackConfigs"] = [_slack(one) for one in told["slack_configs"]]
    if "email_configs" in told:
        made["emailConfigs"] = [_email(one, common) for one in told["email_configs"]]
    if "webhook_configs" in told:
        made["webhookConfigs"] = [_webhook(one) for one in told["webhook_configs"]]
    return made


def _slack(told: dict[str, Any]) -> dict[str, Any]:
    names = {"send_resolved": "sendResolved", "title_link": "titleLink"}
    return {"apiURL": _key("slack_webhook_url")} | {names.get(key, key): value for key, value in told.items()}


def _email(told: dict[str, Any], common: dict[str, Any]) -> dict[str, Any]:
    return {
        "to": told["to"],
        "from": common["smtp_from"],
        "smarthost": common["smtp_smarthost"],
        "authUsername": common["smtp_auth_username"],
        "authPassword": _key("smtp_password"),
        "sendResolved": told["send_resolved"],
        "headers": [{"key": key, "value": value} for key, value in told["headers"].items()],
        "html": told["html"],
        "text": told["text"],
    }


def _webhook(told: dict[str, Any]) -> dict[str, Any]:
    return {
        "url": told["url"].replace("//sms-gateway:", f"//sms-gateway.{NAMESPACE}.svc:"),
        "sendResolved": told["send_resolved"],
        "maxAlerts": told["max_alerts"],
        "httpConfig": {"authorization": {"credentials": _key("sms_gateway_token")}},
    }


def _key(name: str) -> dict[str, str]:
    return {"name": SECRET, "key": name}


if __name__ == "__main__":
    sys.stdout.write(render(Path(sys.argv[1]).read_text()))
