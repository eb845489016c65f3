/**
 * What every service of the admin API shares: how a request becomes a command and an outcome an
 * answer, reads of the state, pages, watch streams, refusals on the wire. Knows no kind of
 * resource. Runs on gRPC threads; answers may come from the writer's thread.
 */
@NullMarked
package dev.sluice.control.admin.desk;

import org.jspecify.annotations.NullMarked;
