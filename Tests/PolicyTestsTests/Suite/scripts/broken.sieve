nonsense "a";
