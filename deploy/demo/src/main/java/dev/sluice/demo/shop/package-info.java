/**
 * The shop: two services in two versions each, on one PostgreSQL. Knows nothing of Sluice but the
 * headers it forwards.
 */
@NullMarked
package dev.sluice.demo.shop;

import org.jspecify.annotations.NullMarked;
