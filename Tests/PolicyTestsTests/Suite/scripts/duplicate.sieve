# A message with this number was delivered before.
require "duplicate";

if duplicate :header "X-Id" { discard; }
