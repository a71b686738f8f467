-- The ten rules of an office, as someone who knows Lua writes them.
local frontdesk = "0b5f6a0e-5a0c-4a51-9d6e-0c8f5a2b7e11"
local sales     = "bb66519d-f01d-4a37-a409-bf61e5ae8b30"
local support   = "58e5ce59-7ca4-41eb-b73a-c1a80a810cc9"
local spanish   = "b17bcf1a-328d-4676-8e84-6892fc25eb21"
local concierge = "5c11d3c2-1d2f-4d53-8f0a-3c6f3b0b9a77"
local on_call   = "99b9bfd0-eaaf-42de-96a7-3b17a317d042"
local messages  = "e3d0b6a4-7f1c-4f0e-8f3a-2a8d1c9b5e60"

local sub = string.sub

local blocked = { [""] = true, ["+14155550199"] = true, ["+12025550143"] = true, ["+33142685300"] = true }
local vips = { ["+14155550100"] = true, ["+14155550101"] = true, ["+12125550123"] = true, ["+13105550177"] = true }
local holidays = { [101] = true, [704] = true, [1225] = true }

local vip       = { tier = "vip", priority = 1, tags = { "inbound", "vip" } }
local emergency = { line = "emergency", priority = 0 }
local open      = { line = "sales", priority = 2 }
local callback  = { line = "sales", callback = true }
local supported = { line = "support", priority = 2 }

local function is_open(weekday, minute, day)
  if holidays[day] then return false end
  if weekday <= 5 then return minute >= 540 and minute < 750 or minute >= 810 and minute < 1050 end
  return weekday == 6 and minute >= 600 and minute < 840
end

return function(caller, dialed, trunk, weekday, minute, day)
  local area = sub(caller, 1, 5)
  if blocked[caller] or area == "+1900" or area == "+1976" then
    return "reject"
  end
  if (vips[caller] or #caller == 13 and sub(caller, 1, 11) == "+4420794600") and trunk ~= "overflow" then
    return "route", concierge, 12, "A VIP is calling: " .. caller .. ".", vip
  end
  if dialed == "+18005550199" then
    return "route", on_call, nil, "", emergency
  end
  if trunk == "overflow" then
    return "route", messages, nil, "All lines of the front desk are busy."
  end
  local office = is_open(weekday, minute, day)
  if dialed == "+18005550101" and office then
    return "route", sales, nil, "", open
  end
  if dialed == "+18005550101" then
    return "route", messages, nil, "The sales team calls back when the office opens.", callback
  end
  if dialed == "+18005550102" and office then
    return "route", support, 3, "The caller dialed the support line.", supported
  end
  local country = sub(caller, 1, 3)
  if (country == "+52" or country == "+34" or country == "+57") and office then
    return "route", spanish, nil, "The caller may prefer Spanish."
  end
  if office then
    return "route", frontdesk
  end
  return "route", messages, nil, "The office is closed."
end
