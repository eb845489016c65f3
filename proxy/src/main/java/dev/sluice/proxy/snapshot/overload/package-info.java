/** When the proxy sheds load. Immutable. */
@NullMarked
package dev.sluice.proxy.snapshot.overload;

import org.jspecify.annotations.NullMarked;
