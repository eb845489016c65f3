/** The read-only status page. */
@NullMarked
package dev.sluice.control.web;

import org.jspecify.annotations.NullMarked;
