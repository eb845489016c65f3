/** What a route changes of heads: headers, host, path, and the location of a redirect. */
@NullMarked
package dev.sluice.proxy.filter.rewrite;

import org.jspecify.annotations.NullMarked;
