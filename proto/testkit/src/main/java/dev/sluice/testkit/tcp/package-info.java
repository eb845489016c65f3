/**
 * A scripted TCP peer whose script is plain blocking code on a virtual thread per connection. May
 * import the root package of the kit only.
 */
@NullMarked
package dev.sluice.testkit.tcp;

import org.jspecify.annotations.NullMarked;
