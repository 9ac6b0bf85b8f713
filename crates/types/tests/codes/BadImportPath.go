package p

import "a!b" /* ERROR "invalid import path (invalid character U+0021 '!')" */
