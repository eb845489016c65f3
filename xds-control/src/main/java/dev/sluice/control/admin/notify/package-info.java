/** Sinks and their tests over gRPC. Knows the desk, the notifier and the change path's words. */
@NullMarked
package dev.sluice.control.admin.notify;

import org.jspecify.annotations.NullMarked;
