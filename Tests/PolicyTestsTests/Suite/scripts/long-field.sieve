require "editheader";
addheader "X-Long" "12345678";
