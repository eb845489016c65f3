/** When the proxy sheds load, as a record. Pure. */
@NullMarked
package dev.sluice.proxy.resource.overload;

import org.jspecify.annotations.NullMarked;
