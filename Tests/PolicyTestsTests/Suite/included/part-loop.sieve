require ["include", "foreverypart", "variables"];
global "turns";
foreverypart {
  set "turns" "${turns}i";
}
