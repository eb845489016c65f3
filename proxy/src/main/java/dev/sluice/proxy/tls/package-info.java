/** TLS contexts for both sides. */
@NullMarked
package dev.sluice.proxy.tls;

import org.jspecify.annotations.NullMarked;
