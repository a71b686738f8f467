# The ten rules of an office, as someone who knows Rego writes them.
package calls

import rego.v1

frontdesk := "0b5f6a0e-5a0c-4a51-9d6e-0c8f5a2b7e11"
sales := "bb66519d-f01d-4a37-a409-bf61e5ae8b30"
support := "58e5ce59-7ca4-41eb-b73a-c1a80a810cc9"
spanish := "b17bcf1a-328d-4676-8e84-6892fc25eb21"
concierge := "5c11d3c2-1d2f-4d53-8f0a-3c6f3b0b9a77"
on_call := "99b9bfd0-eaaf-42de-96a7-3b17a317d042"
messages := "e3d0b6a4-7f1c-4f0e-8f3a-2a8d1c9b5e60"

blocked if input.caller in {"", "+14155550199", "+12025550143", "+33142685300"}
blocked if startswith(input.caller, "+1900")
blocked if startswith(input.caller, "+1976")

vip if input.caller in {"+14155550100", "+14155550101", "+12125550123", "+13105550177"}
vip if {
    count(input.caller) == 13
    startswith(input.caller, "+4420794600")
}

speaks_spanish if startswith(input.caller, "+52")
speaks_spanish if startswith(input.caller, "+34")
speaks_spanish if startswith(input.caller, "+57")

decision := {"outcome": "reject"} if {
    blocked
} else := {
    "outcome": "route", "agent": concierge, "version": 12,
    "context": concat("", ["A VIP is calling: ", input.caller, "."]),
    "metadata": {"tier": "vip", "priority": 1, "tags": ["inbound", "vip"]},
} if {
    vip
    input.trunk != "overflow"
} else := {"outcome": "route", "agent": on_call, "metadata": {"line": "emergency", "priority": 0}} if {
    input.dialed == "+18005550199"
} else := {"outcome": "route", "agent": messages, "context": "All lines of the front desk are busy."} if {
    input.trunk == "overflow"
} else := {"outcome": "route", "agent": sales, "metadata": {"line": "sales", "priority": 2}} if {
    input.dialed == "+18005550101"
    input.office
} else := {
    "outcome": "route", "agent": messages,
    "context": "The sales team calls back when the office opens.",
    "metadata": {"line": "sales", "callback": true},
} if {
    input.dialed == "+18005550101"
} else := {
    "outcome": "route", "agent": support, "version": 3,
    "context": "The caller dialed the support line.",
    "metadata": {"line": "support", "priority": 2},
} if {
    input.dialed == "+18005550102"
    input.office
} else := {"outcome": "route", "agent": spanish, "context": "The caller may prefer Spanish."} if {
    speaks_spanish
    input.office
} else := {"outcome": "route", "agent": frontdesk} if {
    input.office
} else := {"outcome": "route", "agent": messages, "context": "The office is closed."}
