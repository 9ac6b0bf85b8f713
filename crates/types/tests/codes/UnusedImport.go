package p

import "unsafe" /* ERROR "\"unsafe\" imported and not used" */
