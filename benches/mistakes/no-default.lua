zone = "America/New_York"

local frontdesk = "0b5f6a0e-5a0c-4a51-9d6e-0c8f5a2b7e11"
local messages  = "e3d0b6a4-7f1c-4f0e-8f3a-2a8d1c9b5e60"

local holidays = { ["2026-12-25"] = true, ["2027-02-28"] = true }

local function office(call)
  return not holidays[call.date] and call.weekday <= 5 and call.time >= "09:00" and call.time < "17:00"
end

local accounts = { ["+14155550142"] = frontdesk, ["+14155550143"] = messages }

return function(call)
  if accounts[call.caller] then
    return accounts[call.caller]
  end
  if call.minute >= 22 * 60 then
    return messages
  end
  if call.caller:sub(1, 5) == "+4420" then
    return messages
  end
  if call.country == "GB" and call.trunk == "main" then
    return frontdesk
  end
  if call.caller:sub(1, 3) == "+33" then
    return frontdesk
  end
  if office(call) then
    return frontdesk
  end
end
