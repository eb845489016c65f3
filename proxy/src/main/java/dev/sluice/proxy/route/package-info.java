/** Which route a request takes. Pure. */
@NullMarked
package dev.sluice.proxy.route;

import org.jspecify.annotations.NullMarked;
