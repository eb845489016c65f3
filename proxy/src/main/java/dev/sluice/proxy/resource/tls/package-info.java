/** Transport sockets, TLS contexts and secrets as records. Pure. */
@NullMarked
package dev.sluice.proxy.resource.tls;

import org.jspecify.annotations.NullMarked;
