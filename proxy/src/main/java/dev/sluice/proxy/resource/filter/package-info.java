/** HTTP filters, their settings for a route, and the gates that they name, as records. Pure. */
@NullMarked
package dev.sluice.proxy.resource.filter;

import org.jspecify.annotations.NullMarked;
