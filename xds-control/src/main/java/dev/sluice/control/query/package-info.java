/**
 * Asks metrics servers what the criteria of ramps at work want to know. Read {@link
 * dev.sluice.control.query.Rounds} first. Asking blocks threads of its own and nothing else; what
 * was answered is read at once.
 */
@NullMarked
package dev.sluice.control.query;

import org.jspecify.annotations.NullMarked;
