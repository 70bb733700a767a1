/** Small examples, one idea a {@code main}, and the {@code pm} app, which uses all of the libraries. */
@NullMarked
package org.processmanager.examples;

import org.jspecify.annotations.NullMarked;
