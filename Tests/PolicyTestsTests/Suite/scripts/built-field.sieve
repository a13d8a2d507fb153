require ["editheader", "variables"];
set "x" "1234";
addheader "X-Long" "${x}${x}";
