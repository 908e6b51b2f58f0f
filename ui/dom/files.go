package dom

import "os"

// Files is the address of the folder that the phone's own files are in (parts, symbols),
// with a slash at its end. The loader knows it: on a site it is another one with every
// version, so that browsers can keep what is in it for good.
var Files = os.Getenv("PHONE_FILES")
