/** Route configurations, virtual hosts, routes and what a route does. Immutable. */
@NullMarked
package dev.sluice.proxy.snapshot.route;

import org.jspecify.annotations.NullMarked;
