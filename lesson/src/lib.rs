//! Scenarios, reducers and words of the lessons.
