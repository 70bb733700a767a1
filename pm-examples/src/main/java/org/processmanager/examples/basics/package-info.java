/** Small examples, one {@code main} per idea. */
@NullMarked
package org.processmanager.examples.basics;

import org.jspecify.annotations.NullMarked;
