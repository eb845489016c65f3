/**
 * The runtime values in force. Read by every step that has a setting with a runtime key; imports
 * {@code snapshot} only. Thread-safe.
 */
@NullMarked
package dev.sluice.proxy.runtime;

import org.jspecify.annotations.NullMarked;
