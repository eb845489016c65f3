/** The processes of one act: database, services, sidecars, control plane. */
@NullMarked
package dev.sluice.demo.stage;

import org.jspecify.annotations.NullMarked;
