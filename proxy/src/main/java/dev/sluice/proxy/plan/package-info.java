/** What is to be done with a request, or why it is refused. Immutable. */
@NullMarked
package dev.sluice.proxy.plan;

import org.jspecify.annotations.NullMarked;
