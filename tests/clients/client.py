"""What a program does with the API through a client that `openapi-python-client` makes from the document."""

from os import environ

from callplan_client import AuthenticatedClient
from callplan_client.api.agents import create_agent, list_agents
from callplan_client.api.config import check_plan, create_config, update_config
from callplan_client.api.keys import whoami
from callplan_client.models import (
    Checked,
    ConfigChange,
    ErrorCode,
    InboundRoutingConfig,
    ListAgent,
    NewAgent,
    NewConfig,
    PlanText,
    Problem,
    Severity,
    Whoami,
)
from callplan_client.types import UNSET


def client(token: str) -> AuthenticatedClient:
    return AuthenticatedClient(base_url=environ["ADDRESS"], token=token, raise_on_unexpected_status=True)


api = client(environ["PYTHON_KEY"])

# A plan alone is a config.
created = create_config.sync_detailed(client=api, body=NewConfig(workflow_definition="reject\n"))
assert created.status_code == 201 and created.headers["Location"] == "/core/inbound-routing-config"
config = created.parsed
assert isinstance(config, InboundRoutingConfig) and config.enabled and config.fallback_agent_id is None

# Two change what they have read; the second one's change is refused.
tag = created.headers["ETag"]
changed = update_config.sync(client=api, body=ConfigChange(workflow_definition="fallback\n"), if_match=tag)
assert isinstance(changed, InboundRoutingConfig) and changed.revision == config.revision + 1
lost = update_config.sync_detailed(client=api, body=ConfigChange(enabled=False), if_match=tag)
assert lost.status_code == 412
assert isinstance(lost.parsed, Problem) and lost.parsed.code == ErrorCode.PRECONDITION_FAILED

# A user's token names its organization.
user = client(environ["USER_TOKEN"])
nowhere = whoami.sync(client=user)
assert isinstance(nowhere, Problem) and nowhere.code == ErrorCode.MISSING_ORGANIZATION
stranger = whoami.sync(client=user, x_anyreach_org=environ["OTHER_ORGANIZATION"])
assert isinstance(stranger, Problem) and stranger.code == ErrorCode.NOT_A_MEMBER
who = whoami.sync(client=user, x_anyreach_org=environ["ORGANIZATION"])
assert isinstance(who, Whoami) and str(who.organization.id) == environ["ORGANIZATION"]

# Lists are turned page by page.
for name in ["First", "Second", "Third"]:
    create_agent.sync(client=api, body=NewAgent(name=name))
names: list[str] = []
cursor: str | None = None
while True:
    page = list_agents.sync(client=api, limit=2, cursor=UNSET if cursor is None else cursor)
    assert isinstance(page, ListAgent)
    names += [agent.name for agent in page.items]
    cursor = page.next_cursor
    if cursor is None:
        break
assert names == ["First", "Second", "Third"], names

# A problem of a plan has a place, a severity and fixes.
checked = check_plan.sync(client=api, body=PlanText(workflow_definition="route to nobody\n"))
assert isinstance(checked, Checked) and not checked.ok
found = checked.diagnostics[0]
assert (found.code, found.severity, found.line) == ("unknown-name", Severity.ERROR, 1)
assert all(edit.start <= edit.end for fix in found.fixes for edit in fix.edits)

print("openapi-python-client: fine")
