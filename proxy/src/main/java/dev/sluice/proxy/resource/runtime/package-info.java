/**
 * Reads runtime layers and their values, from the bootstrap, from resources and from the admin
 * endpoint. Imports the readers of parts only. Stateless.
 */
@NullMarked
package dev.sluice.proxy.resource.runtime;

import org.jspecify.annotations.NullMarked;
