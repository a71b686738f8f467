package calls

import rego.v1

zone := "America/New_York"

frontdesk := "0b5f6a0e-5a0c-4a51-9d6e-0c8f5a2b7e11"
messages := "e3d0b6a4-7f1c-4f0e-8f3a-2a8d1c9b5e60"

holidays := {"2026-12-25", "2027-02-28"}

office if {
    not input.date in holidays
    input.weekday <= 5
    input.time >= "09:00"
    input.time < "25:00"
}

accounts := {"+14155550142": frontdesk, "+14155550143": messages}

decision := accounts[input.caller] if {
    accounts[input.caller]
} else := messages if {
    input.minute >= 1320
} else := messages if {
    startswith(input.caller, "+4420")
} else := frontdesk if {
    input.country == "GB"
    input.trunk == "main"
} else := frontdesk if {
    startswith(input.caller, "+33")
} else := frontdesk if {
    office
} else := messages
