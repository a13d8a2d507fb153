require "reject";
if header :contains "subject" "script" { reject "no"; }
