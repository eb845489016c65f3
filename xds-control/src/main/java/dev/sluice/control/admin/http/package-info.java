/**
 * The admin API as HTTP and JSON: which method a request is for, its message, its call within this
 * process under the same interceptors, and the OpenAPI document of all of them. Knows no kind of
 * resource. Each request runs on a thread of its own.
 */
@NullMarked
package dev.sluice.control.admin.http;

import org.jspecify.annotations.NullMarked;
