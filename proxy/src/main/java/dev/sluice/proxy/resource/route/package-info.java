/** Route configurations, virtual hosts, routes and what a route does, as records. Pure. */
@NullMarked
package dev.sluice.proxy.resource.route;

import org.jspecify.annotations.NullMarked;
