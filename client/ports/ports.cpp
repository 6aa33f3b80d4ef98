#include "client/ports/ports.h"

#include "moc_ports.cpp"
