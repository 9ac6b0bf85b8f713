package p

import "unsafe" /* ERROR "\"unsafe\" imported and not used" */

var _ = unsafe /* ERROR "use of package unsafe not in selector" */
