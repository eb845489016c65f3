/** What is printed: the live view and the summary. */
@NullMarked
package dev.sluice.demo.view;

import org.jspecify.annotations.NullMarked;
