/**
 * Both ends of HTTP/1.1 and HTTP/2 for tests. HTTP/1.1 is read and written here byte by byte,
 * without Netty, so that a defect of a codec can't hide by being on both sides; HTTP/2 stands on
 * Netty's frame codec. May import the root package of the kit and {@code tcp}.
 */
@NullMarked
package dev.sluice.testkit.http;

import org.jspecify.annotations.NullMarked;
