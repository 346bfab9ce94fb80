package plain

import "sync"

// Notices are sentences about what happens by itself, as that a copied value was taken away. A session says them between its lines: before
// the question that comes next, or while a choice is waited for, whose question is repeated then. Nothing stands in what somebody types.
// Add may be called from any goroutine.
type Notices struct {
	mu   sync.Mutex
	said []string
	wake chan struct{}
}

// NewNotices are none yet.
func NewNotices() *Notices { return &Notices{wake: make(chan struct{}, 1)} }

// Add has sentences said.
func (n *Notices) Add(sentences []string) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.said = append(n.said, sentences...)
	select {
	case n.wake <- struct{}{}:
	default:
	}
}

// Take takes what is not said yet.
func (n *Notices) Take() []string {
	if n == nil {
		return nil
	}
	n.mu.Lock()
	defer n.mu.Unlock()
	said := n.said
	n.said = nil
	return said
}

// come is where it shows that some have come; nil, and never, while anything but a choice is typed.
func (n *Notices) come(want echo) <-chan struct{} {
	if n == nil || want != choice {
		return nil
	}
	return n.wake
}

// tell says the notices, and reports whether there were any.
func tell(s *session) bool {
	said := s.Notices.Take()
	for _, sentence := range said {
		s.say(sentence)
	}
	return len(said) > 0
}

// prompts asks a question, which a notice may repeat.
func prompts(s *session, question string) {
	tell(s)
	s.last.question = question
	s.say(question)
}
