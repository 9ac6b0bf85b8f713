package p

import c "C"
