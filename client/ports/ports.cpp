#include "client/ports/ports.h"
